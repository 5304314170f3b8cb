CREATE TABLE `provider_traffic` (
	`slot_ms` integer NOT NULL,
	`provider` text NOT NULL,
	`calls` integer NOT NULL,
	`failures` integer NOT NULL,
	PRIMARY KEY(`slot_ms`, `provider`)
);
