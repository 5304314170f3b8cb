CREATE TABLE `daily_totals` (
	`company_id` text NOT NULL,
	`day` text NOT NULL,
	`through_seq` integer NOT NULL,
	`entries` integer NOT NULL,
	`amount_nano_usd` integer NOT NULL,
	`told_at_ms` integer NOT NULL,
	PRIMARY KEY(`company_id`, `day`),
	CONSTRAINT "daily_totals_amount" CHECK(typeof("daily_totals"."amount_nano_usd") = 'integer' and "daily_totals"."amount_nano_usd" between -9000000000000000 and 9000000000000000)
);
--> statement-breakpoint
CREATE INDEX `daily_totals_day` ON `daily_totals` (`day`);--> statement-breakpoint
CREATE TABLE `ledger_findings` (
	`id` text PRIMARY KEY NOT NULL,
	`day` text NOT NULL,
	`company_id` text NOT NULL,
	`ledger_nano_usd` integer NOT NULL,
	`total_nano_usd` integer NOT NULL,
	`ledger_entries` integer NOT NULL,
	`total_entries` integer NOT NULL,
	`found_at_ms` integer NOT NULL
);
