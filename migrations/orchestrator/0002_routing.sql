CREATE TABLE `model_aliases` (
	`id` text PRIMARY KEY NOT NULL,
	`models` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `provider_preferences` (
	`company_id` text PRIMARY KEY NOT NULL,
	`preferences` text NOT NULL,
	`revision` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `routing_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`enabled` integer NOT NULL,
	`match` text NOT NULL,
	`effect` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `credentials` ADD `name` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `credentials` ADD `host` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `credentials` ADD `revision` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `credentials` ADD `verified_at_ms` integer;--> statement-breakpoint
ALTER TABLE `models` ADD `strategy` text DEFAULT 'priority' NOT NULL;--> statement-breakpoint
ALTER TABLE `models` ADD `is_sticky` integer DEFAULT false NOT NULL;