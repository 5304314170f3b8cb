CREATE TABLE `idempotency_keys` (
	`company_id` text NOT NULL,
	`route` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`work_id` text NOT NULL,
	`answer` text,
	`request_id` text NOT NULL,
	`locked_until_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	PRIMARY KEY(`company_id`, `route`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_expiry` ON `idempotency_keys` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `auto_topups` (
	`company_id` text PRIMARY KEY NOT NULL,
	`enabled` integer NOT NULL,
	`threshold_nano_usd` integer NOT NULL,
	`amount_nano_usd` integer NOT NULL,
	`monthly_cap_nano_usd` integer NOT NULL,
	`payment_method_id` text NOT NULL,
	`in_flight_payment_id` text,
	`failures` integer NOT NULL,
	`next_check_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	CONSTRAINT "auto_topups_threshold" CHECK(typeof("auto_topups"."threshold_nano_usd") = 'integer' and "auto_topups"."threshold_nano_usd" between 0 and 9000000000000000),
	CONSTRAINT "auto_topups_amount" CHECK(typeof("auto_topups"."amount_nano_usd") = 'integer' and "auto_topups"."amount_nano_usd" between 0 and 9000000000000000),
	CONSTRAINT "auto_topups_cap" CHECK(typeof("auto_topups"."monthly_cap_nano_usd") = 'integer' and "auto_topups"."monthly_cap_nano_usd" between 0 and 9000000000000000)
);
--> statement-breakpoint
CREATE INDEX `auto_topups_next` ON `auto_topups` (`enabled`,`next_check_at_ms`);--> statement-breakpoint
CREATE TABLE `company_cards` (
	`fingerprint` text NOT NULL,
	`company_id` text NOT NULL,
	`seen_at_ms` integer NOT NULL,
	PRIMARY KEY(`fingerprint`, `company_id`)
);
--> statement-breakpoint
CREATE TABLE `fx_rates` (
	`currency` text PRIMARY KEY NOT NULL,
	`nano_usd` integer NOT NULL,
	`units` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `payment_movements` (
	`object_id` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`kind` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`seen_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `payment_movements_payment` ON `payment_movements` (`payment_id`);--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`company_id` text NOT NULL,
	`purpose` text NOT NULL,
	`charge_id` text,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`credit_nano_usd` integer NOT NULL,
	`status` text NOT NULL,
	`revision` integer NOT NULL,
	`applied_revision` integer NOT NULL,
	`customer_id` text NOT NULL,
	`payment_method_id` text,
	`checkout_session_id` text,
	`checkout_url` text,
	`payment_intent_id` text,
	`card_fingerprint` text,
	`refunded_minor` integer NOT NULL,
	`disputed_minor` integer NOT NULL,
	`dispute_open` integer NOT NULL,
	`failure_code` text,
	`created_at_ms` integer NOT NULL,
	`paid_at_ms` integer,
	`updated_at_ms` integer NOT NULL,
	CONSTRAINT "payments_amount" CHECK(typeof("payments"."amount_minor") = 'integer' and "payments"."amount_minor" between 0 and 9000000000000000),
	CONSTRAINT "payments_credit" CHECK(typeof("payments"."credit_nano_usd") = 'integer' and "payments"."credit_nano_usd" between 0 and 9000000000000000),
	CONSTRAINT "payments_refunded" CHECK(typeof("payments"."refunded_minor") = 'integer' and "payments"."refunded_minor" between 0 and 9000000000000000),
	CONSTRAINT "payments_disputed" CHECK(typeof("payments"."disputed_minor") = 'integer' and "payments"."disputed_minor" between 0 and 9000000000000000)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payments_checkout_session_id_unique` ON `payments` (`checkout_session_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `payments_payment_intent_id_unique` ON `payments` (`payment_intent_id`);--> statement-breakpoint
CREATE INDEX `payments_company` ON `payments` (`company_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `payments_updated` ON `payments` (`status`,`updated_at_ms`);--> statement-breakpoint
CREATE TABLE `stripe_customers` (
	`company_id` text PRIMARY KEY NOT NULL,
	`customer_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `stripe_customers_customer_id_unique` ON `stripe_customers` (`customer_id`);--> statement-breakpoint
CREATE TABLE `plans` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`monthly_fee_nano_usd` integer NOT NULL,
	`included_credit_nano_usd` integer NOT NULL,
	`markup_bps` integer NOT NULL,
	`requests_per_minute` integer,
	`tokens_per_minute` integer,
	`concurrent_requests` integer,
	`features` text NOT NULL,
	`trial_days` integer NOT NULL,
	`commission_bps` integer NOT NULL,
	`commission_months` integer NOT NULL,
	`commission_cap_nano_usd` integer NOT NULL,
	`revision` integer NOT NULL,
	`archived_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	CONSTRAINT "plans_fee" CHECK(typeof("plans"."monthly_fee_nano_usd") = 'integer' and "plans"."monthly_fee_nano_usd" between 0 and 9000000000000000),
	CONSTRAINT "plans_credit" CHECK(typeof("plans"."included_credit_nano_usd") = 'integer' and "plans"."included_credit_nano_usd" between 0 and 9000000000000000),
	CONSTRAINT "plans_commission_cap" CHECK(typeof("plans"."commission_cap_nano_usd") = 'integer' and "plans"."commission_cap_nano_usd" between 0 and 9000000000000000)
);
--> statement-breakpoint
CREATE TABLE `commissions` (
	`payment_id` text PRIMARY KEY NOT NULL,
	`referee_company_id` text NOT NULL,
	`referrer_company_id` text NOT NULL,
	`gross_nano_usd` integer NOT NULL,
	`net_nano_usd` integer NOT NULL,
	`revision` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "commissions_gross" CHECK(typeof("commissions"."gross_nano_usd") = 'integer' and "commissions"."gross_nano_usd" between 0 and 9000000000000000),
	CONSTRAINT "commissions_net" CHECK(typeof("commissions"."net_nano_usd") = 'integer' and "commissions"."net_nano_usd" between 0 and 9000000000000000)
);
--> statement-breakpoint
CREATE INDEX `commissions_referee` ON `commissions` (`referee_company_id`);--> statement-breakpoint
CREATE INDEX `commissions_referrer` ON `commissions` (`referrer_company_id`,`created_at_ms`);--> statement-breakpoint
CREATE TABLE `referrals` (
	`referee_company_id` text PRIMARY KEY NOT NULL,
	`referrer_company_id` text NOT NULL,
	`status` text NOT NULL,
	`void_reason` text,
	`commission_bps` integer,
	`cap_nano_usd` integer,
	`ends_at_ms` integer,
	`attributed_at_ms` integer NOT NULL,
	`activated_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `referrals_referrer` ON `referrals` (`referrer_company_id`,`attributed_at_ms`);--> statement-breakpoint
CREATE TABLE `statements` (
	`company_id` text NOT NULL,
	`month` text NOT NULL,
	`after_seq` integer NOT NULL,
	`through_seq` integer NOT NULL,
	`body` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`company_id`, `month`)
);
--> statement-breakpoint
CREATE TABLE `stripe_findings` (
	`id` text PRIMARY KEY NOT NULL,
	`day` text NOT NULL,
	`kind` text NOT NULL,
	`company_id` text,
	`payment_id` text,
	`reference` text NOT NULL,
	`expected_minor` integer NOT NULL,
	`found_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `stripe_findings_day` ON `stripe_findings` (`day`);--> statement-breakpoint
CREATE TABLE `subscription_charges` (
	`id` text PRIMARY KEY NOT NULL,
	`company_id` text NOT NULL,
	`plan_id` text NOT NULL,
	`kind` text NOT NULL,
	`pay_with` text NOT NULL,
	`amount_nano_usd` integer NOT NULL,
	`credit_nano_usd` integer NOT NULL,
	`period_start_ms` integer NOT NULL,
	`period_end_ms` integer NOT NULL,
	`status` text NOT NULL,
	`payment_id` text,
	`failure_code` text,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	CONSTRAINT "subscription_charges_amount" CHECK(typeof("subscription_charges"."amount_nano_usd") = 'integer' and "subscription_charges"."amount_nano_usd" between 0 and 9000000000000000),
	CONSTRAINT "subscription_charges_credit" CHECK(typeof("subscription_charges"."credit_nano_usd") = 'integer' and "subscription_charges"."credit_nano_usd" between 0 and 9000000000000000)
);
--> statement-breakpoint
CREATE INDEX `subscription_charges_company` ON `subscription_charges` (`company_id`,`created_at_ms`);--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`company_id` text PRIMARY KEY NOT NULL,
	`plan_id` text NOT NULL,
	`status` text NOT NULL,
	`pay_with` text NOT NULL,
	`payment_method_id` text,
	`anchor_day` integer NOT NULL,
	`period_start_ms` integer NOT NULL,
	`period_end_ms` integer NOT NULL,
	`cancel_at_period_end` integer NOT NULL,
	`pending_charge_id` text,
	`active_charge_id` text,
	`next_plan_id` text,
	`attempts` integer NOT NULL,
	`next_action_at_ms` integer NOT NULL,
	`revision` integer NOT NULL,
	`told_revision` integer NOT NULL,
	`told_plan_revision` integer NOT NULL,
	`used_trial` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `subscriptions_next` ON `subscriptions` (`next_action_at_ms`);--> statement-breakpoint
CREATE INDEX `subscriptions_plan` ON `subscriptions` (`plan_id`,`told_plan_revision`);