-- Written by hand: drizzle-kit cannot say WITHOUT ROWID or STRICT. The tables are empty here (0000 made them).
-- A text key in a rowid table is a second b-tree, which doubles the rows written per changed cell
-- (workers/analytics/test/consume-usage-batch.test.ts counts them).
DROP TABLE `usage_hourly`;
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
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
DROP TABLE `usage_daily`;
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
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
DROP TABLE `platform_daily`;
--> statement-breakpoint
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
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `rollup_state` VALUES (1, 0, 0, '');
