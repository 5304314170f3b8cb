import { env } from "cloudflare:workers";
import type { ContactState, Notice } from "@aggregator/contracts/notices";
import { NoticeMessage } from "@aggregator/contracts/notices";
import { vi } from "vitest";

/** All messages that match, once there is one. Each is checked against the contract. */
async function heard<Message>(match: (message: NoticeMessage) => Message | null): Promise<Message[]> {
  return vi.waitUntil(
    async () => {
      const found = (await env.NOTICES_SINK.all()).flatMap((body) => match(NoticeMessage.parse(body)) ?? []);
      return found.length > 0 ? found : null;
    },
    { timeout: 10_000, interval: 20 },
  );
}

/** The latest notice of a kind for which `is` holds. */
export async function notice<Kind extends Notice["kind"]>(
  kind: Kind,
  is: (notice: Extract<Notice, { kind: Kind }>) => boolean,
): Promise<Extract<Notice, { kind: Kind }>> {
  const all = await heard((message) => (isOfKind(message, kind) && is(message) ? message : null));
  const latest = all.at(-1);
  if (latest === undefined) throw new Error(`no ${kind}`);
  return latest;
}

/** What notifications last heard of a member in a company. */
export async function contact(companyId: string, memberId: string): Promise<ContactState> {
  const all = await heard((message) =>
    message.type === "contact" && message.company_id === companyId && message.member_id === memberId ? message : null,
  );
  const latest = all.toSorted((a, b) => a.revision - b.revision).at(-1);
  if (latest === undefined) throw new Error("no contact");
  return latest;
}

function isOfKind<Kind extends Notice["kind"]>(
  message: NoticeMessage,
  kind: Kind,
): message is Extract<Notice, { kind: Kind }> {
  return message.type === "notice" && message.kind === kind;
}

/** The secret in a mail's link. */
export function tokenOf(notice: { readonly data: { readonly link: string } }): string {
  return new URLSearchParams(new URL(notice.data.link).hash.slice(1)).get("token") ?? "";
}
