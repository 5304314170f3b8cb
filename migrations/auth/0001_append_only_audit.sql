CREATE TRIGGER `audit_log_is_not_changed` BEFORE UPDATE ON `audit_log`
BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_log_is_not_shortened` BEFORE DELETE ON `audit_log`
WHEN NOT EXISTS (SELECT 1 FROM `companies` WHERE `id` = OLD.`company_id` AND `inactive_reason` = 'erased')
BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `companies_are_referred_once` BEFORE UPDATE OF `referred_by_company_id` ON `companies`
WHEN OLD.`referred_by_company_id` IS NOT NEW.`referred_by_company_id`
BEGIN
  SELECT RAISE(ABORT, 'a company is attributed once');
END;
