CREATE TABLE `accounts` (
	`company_id` text PRIMARY KEY NOT NULL,
	`active_at_ms` integer NOT NULL,
	`poked_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `accounts_poked` ON `accounts` (`poked_at_ms`);