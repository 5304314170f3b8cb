ALTER TABLE `dead_letters` ADD `sealed_body` text;--> statement-breakpoint
ALTER TABLE `dead_letters` ADD `replayed_at_ms` integer;--> statement-breakpoint
CREATE INDEX `dead_letters_received` ON `dead_letters` (`received_at_ms`,`id`);