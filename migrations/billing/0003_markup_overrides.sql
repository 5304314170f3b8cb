CREATE TABLE `markup_overrides` (
	`company_id` text NOT NULL,
	`model` text NOT NULL,
	`markup_bps` integer,
	`revision` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`company_id`, `model`)
);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `told_markup_revision` integer DEFAULT 0 NOT NULL;