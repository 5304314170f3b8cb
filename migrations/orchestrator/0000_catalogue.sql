CREATE TABLE `credentials` (
	`id` text PRIMARY KEY NOT NULL,
	`provider_slug` text NOT NULL,
	`company_id` text NOT NULL,
	`sealed_secret` text NOT NULL,
	`hint` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `credentials_owner` ON `credentials` (`company_id`,`provider_slug`);--> statement-breakpoint
CREATE TABLE `endpoints` (
	`id` text PRIMARY KEY NOT NULL,
	`model_id` text NOT NULL,
	`provider_slug` text NOT NULL,
	`upstream_model` text NOT NULL,
	`enabled` integer DEFAULT true NOT NULL,
	`weight` integer DEFAULT 1 NOT NULL,
	`position` integer DEFAULT 0 NOT NULL,
	`removed_at_ms` integer,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `endpoints_natural` ON `endpoints` (`model_id`,`provider_slug`,`upstream_model`);--> statement-breakpoint
CREATE INDEX `endpoints_provider` ON `endpoints` (`provider_slug`,`model_id`);--> statement-breakpoint
CREATE TABLE `models` (
	`id` text PRIMARY KEY NOT NULL,
	`context_window` integer,
	`max_output_tokens` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `prices` (
	`id` text PRIMARY KEY NOT NULL,
	`endpoint_id` text NOT NULL,
	`base` text NOT NULL,
	`tiers` text NOT NULL,
	`source` text NOT NULL,
	`active_from_ms` integer NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `prices_endpoint` ON `prices` (`endpoint_id`,`active_from_ms`,`id`);--> statement-breakpoint
CREATE TABLE `providers` (
	`slug` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`base_url` text NOT NULL,
	`enabled` integer NOT NULL,
	`priority` integer DEFAULT 0 NOT NULL,
	`on_disconnect` text NOT NULL,
	`collects_data` integer DEFAULT true NOT NULL,
	`origin` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
