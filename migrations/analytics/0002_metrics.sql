CREATE TABLE `metric_counters` (
	`series` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`labels` text NOT NULL,
	`value` real NOT NULL
);
--> statement-breakpoint
CREATE TABLE `metric_gauges` (
	`isolate_id` text NOT NULL,
	`series` text NOT NULL,
	`name` text NOT NULL,
	`labels` text NOT NULL,
	`value` real NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`isolate_id`, `series`)
);
--> statement-breakpoint
CREATE INDEX `metric_gauges_at` ON `metric_gauges` (`at_ms`);--> statement-breakpoint
CREATE TABLE `metric_pushes` (
	`isolate_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`worker` text NOT NULL,
	`received_at_ms` integer NOT NULL,
	PRIMARY KEY(`isolate_id`, `sequence`)
);
--> statement-breakpoint
CREATE INDEX `metric_pushes_received` ON `metric_pushes` (`received_at_ms`);