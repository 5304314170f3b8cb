CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`queue` text NOT NULL,
	`reason` text NOT NULL,
	`body` text NOT NULL,
	`is_truncated` integer NOT NULL,
	`attempts` integer NOT NULL,
	`received_at_ms` integer NOT NULL,
	`replayed_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `dead_letters_received` ON `dead_letters` (`received_at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `platform_daily` (
	`day_ms` integer NOT NULL,
	`company_id` text NOT NULL,
	`model` text NOT NULL,
	`provider` text NOT NULL,
	`status` integer NOT NULL,
	`version` integer NOT NULL,
	`requests` integer NOT NULL,
	`errors` integer NOT NULL,
	`estimated` integer NOT NULL,
	`cache_hits` integer NOT NULL,
	`attempts` integer NOT NULL,
	`input_tokens` integer NOT NULL,
	`cached_input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`reasoning_tokens` integer NOT NULL,
	`cost_nano_usd` integer NOT NULL,
	`price_nano_usd` integer NOT NULL,
	`loss_nano_usd` integer NOT NULL,
	`latency_ms_histogram` text NOT NULL,
	`time_to_first_token_ms_histogram` text NOT NULL,
	PRIMARY KEY(`day_ms`, `company_id`, `model`, `provider`, `status`)
);
--> statement-breakpoint
CREATE TABLE `rollup_state` (
	`id` integer PRIMARY KEY NOT NULL,
	`maintained_through_ms` integer NOT NULL,
	`readable_through_ms` integer NOT NULL,
	`company_cursor` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `usage_daily` (
	`company_id` text NOT NULL,
	`day_ms` integer NOT NULL,
	`key_id` text NOT NULL,
	`model` text NOT NULL,
	`provider` text NOT NULL,
	`endpoint` text NOT NULL,
	`status` integer NOT NULL,
	`member_id` text NOT NULL,
	`version` integer NOT NULL,
	`requests` integer NOT NULL,
	`errors` integer NOT NULL,
	`estimated` integer NOT NULL,
	`cache_hits` integer NOT NULL,
	`attempts` integer NOT NULL,
	`input_tokens` integer NOT NULL,
	`cached_input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`reasoning_tokens` integer NOT NULL,
	`cost_nano_usd` integer NOT NULL,
	`price_nano_usd` integer NOT NULL,
	`loss_nano_usd` integer NOT NULL,
	`latency_ms_histogram` text NOT NULL,
	`time_to_first_token_ms_histogram` text NOT NULL,
	PRIMARY KEY(`company_id`, `day_ms`, `key_id`, `model`, `provider`, `endpoint`, `status`, `member_id`)
);
--> statement-breakpoint
CREATE TABLE `usage_hourly` (
	`company_id` text NOT NULL,
	`hour_ms` integer NOT NULL,
	`key_id` text NOT NULL,
	`model` text NOT NULL,
	`provider` text NOT NULL,
	`endpoint` text NOT NULL,
	`status` integer NOT NULL,
	`member_id` text NOT NULL,
	`version` integer NOT NULL,
	`requests` integer NOT NULL,
	`errors` integer NOT NULL,
	`estimated` integer NOT NULL,
	`cache_hits` integer NOT NULL,
	`attempts` integer NOT NULL,
	`input_tokens` integer NOT NULL,
	`cached_input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`reasoning_tokens` integer NOT NULL,
	`cost_nano_usd` integer NOT NULL,
	`price_nano_usd` integer NOT NULL,
	`loss_nano_usd` integer NOT NULL,
	`latency_ms_histogram` text NOT NULL,
	`time_to_first_token_ms_histogram` text NOT NULL,
	PRIMARY KEY(`company_id`, `hour_ms`, `key_id`, `model`, `provider`, `endpoint`, `status`, `member_id`)
);
