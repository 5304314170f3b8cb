CREATE TABLE `provider_findings` (
	`id` text PRIMARY KEY NOT NULL,
	`day` text NOT NULL,
	`provider` text NOT NULL,
	`ledger_nano_usd` integer NOT NULL,
	`provider_nano_usd` integer NOT NULL,
	`found_at_ms` integer NOT NULL
);
