CREATE TABLE `content_policies` (
	`company_id` text PRIMARY KEY NOT NULL,
	`is_enabled` integer NOT NULL,
	`retention_days` integer NOT NULL,
	`changed_at_ms` integer NOT NULL,
	`swept_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `content_policies_swept` ON `content_policies` (`swept_at_ms`);