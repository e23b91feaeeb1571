from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from marketplace.piccolo_engine import ENGINE

ID = "2026-11-23T11:27:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Only changes of credit are numbered; a receiver is sent each number once; what came in is kept"

LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"

LET_GO = "DROP TRIGGER outbox_takes_number ON outbox"
TAKES = """
CREATE CONSTRAINT TRIGGER outbox_takes_number AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.channel = 'credit') EXECUTE FUNCTION outbox_takes_number()
"""
TAKES_BEFORE = """
CREATE CONSTRAINT TRIGGER outbox_takes_number AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION outbox_takes_number()
"""
SEQUENCE = "CREATE UNIQUE INDEX outbox_delivery_sequence_once ON outbox_delivery (receiver, sequence)"
WAITING = """
CREATE INDEX outbox_delivery_waiting ON outbox_delivery (receiver, due_at)
WHERE delivered_at IS NULL AND dead_at IS NULL
"""
NUMBERED = """
CREATE TRIGGER outbox_delivery_is_numbered_once BEFORE UPDATE ON outbox_delivery FOR EACH ROW
WHEN (OLD.sequence IS NOT NULL AND NEW.sequence IS DISTINCT FROM OLD.sequence OR NEW.forgiven > NEW.attempts)
EXECUTE FUNCTION outbox_is_kept()
"""
CAME_IN = """
CREATE TRIGGER inbound_message_is_kept
BEFORE UPDATE OF id, neighbour, message, sequence, type, about, region, payload, sent_at, received_at
OR DELETE OR TRUNCATE ON inbound_message
FOR EACH STATEMENT EXECUTE FUNCTION outbox_is_kept()
"""
LATEST = "CREATE INDEX inbound_message_latest ON inbound_message (neighbour, sequence)"
TOLD = "CREATE INDEX notification_told ON notification (role, addressee, place)"


async def stand_behind() -> None:
    for statement in (LET_GO, TAKES, SEQUENCE, WAITING, NUMBERED, CAME_IN, LATEST, TOLD):
        await ENGINE.run_ddl(statement)


async def let_go() -> None:
    for statement in (
        LET_GO,
        TAKES_BEFORE,
        "DROP INDEX outbox_delivery_sequence_once",
        "DROP INDEX outbox_delivery_waiting",
        "DROP TRIGGER outbox_delivery_is_numbered_once ON outbox_delivery",
        "DROP TRIGGER inbound_message_is_kept ON inbound_message",
        "DROP INDEX inbound_message_latest",
        "DROP INDEX notification_told",
    ):
        await ENGINE.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="marketplace", description=DESCRIPTION)
    manager.add_raw(stand_behind)
    manager.add_raw_backwards(let_go)
    return manager
