/** The object's one alarm. Each `setAlarm` is a row written, so it is moved only to an earlier time. */
export interface AlarmClock {
  /** Learns what a former life of the object had set. */
  load(): Promise<void>;
  /** Makes sure that the alarm rings at `wantedMs` or before; Infinity asks for nothing. */
  wake(wantedMs: number): void;
  /** To be called first in the handler: a fired alarm is consumed. */
  fired(): void;
}

export function createAlarmClock(storage: DurableObjectStorage): AlarmClock {
  let setForMs: number | null = null;
  return {
    async load() {
      setForMs = await storage.getAlarm();
    },
    wake(wantedMs) {
      if (wantedMs === Infinity || (setForMs !== null && setForMs <= wantedMs)) return;
      setForMs = wantedMs;
      // Not awaited: the write joins the transaction of this event, and the output gate waits for it.
      void storage.setAlarm(wantedMs);
    },
    fired() {
      setForMs = null;
    },
  };
}
