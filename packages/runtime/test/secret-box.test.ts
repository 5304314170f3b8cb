import { describe, expect, it } from "vitest";
import { createSecretBox } from "../src/secret-box.ts";

const KEY = btoa("k".repeat(32));

describe("secret box", () => {
  it("opens what it sealed for the same row, and seals the same text differently each time", async () => {
    const box = await createSecretBox(KEY);
    const sealed = await box.seal("sk-secret-ü", "provider_credentials/1");
    expect(sealed).not.toContain("sk-secret");
    expect(await box.seal("sk-secret-ü", "provider_credentials/1")).not.toBe(sealed);
    expect(await box.open(sealed, "provider_credentials/1")).toBe("sk-secret-ü");
  });

  it("does not open a secret that was moved to another row, altered, or sealed with another key", async () => {
    const box = await createSecretBox(KEY);
    const other = await createSecretBox(btoa("o".repeat(32)));
    const sealed = await box.seal("sk-secret", "row/1");
    await expect(box.open(sealed, "row/2")).rejects.toThrow(/operation/);
    await expect(box.open(`${sealed.slice(0, -4)}AAA=`, "row/1")).rejects.toThrow(/operation/);
    await expect(other.open(sealed, "row/1")).rejects.toThrow(/operation/);
    await expect(box.open("plain", "row/1")).rejects.toThrow("not a sealed secret");
  });

  it("refuses a master key that is not 32 bytes", async () => {
    await expect(createSecretBox(btoa("short"))).rejects.toThrow("32 bytes");
  });
});
