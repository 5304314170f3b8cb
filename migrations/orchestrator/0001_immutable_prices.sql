CREATE TRIGGER `prices_are_not_changed` BEFORE UPDATE ON `prices`
BEGIN
  SELECT RAISE(ABORT, 'a version of prices is not changed');
END;
--> statement-breakpoint
CREATE TRIGGER `prices_are_not_deleted` BEFORE DELETE ON `prices`
BEGIN
  SELECT RAISE(ABORT, 'a version of prices is not deleted');
END;
