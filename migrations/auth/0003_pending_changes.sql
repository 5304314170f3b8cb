CREATE TABLE `pending_changes` (
	`id` text PRIMARY KEY NOT NULL,
	`company_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`member_id` text,
	`key_id` text,
	`ip` text,
	`request_id` text NOT NULL,
	`action` text NOT NULL,
	`target_id` text NOT NULL
);
