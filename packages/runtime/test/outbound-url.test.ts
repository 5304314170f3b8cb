import { describe, expect, it } from "vitest";
import { checkOutboundUrl } from "../src/outbound-url.ts";

const check = (url: string, allowPrivate = false) => checkOutboundUrl(url, { allowPrivate }).ok;

describe("a URL that the platform will call", () => {
  it.each([
    "https://api.openai.com/v1",
    "https://api.openai.com:8443/v1?x=1",
    "https://8.8.8.8/v1",
    "https://[2606:4700::1111]/v1",
    "HTTPS://EXAMPLE.com",
    "https://localhost.example.com",
  ])("passes: %s", (url) => expect(check(url)).toBe(true));

  it.each([
    ["http", "http://api.openai.com/v1"],
    ["another scheme", "ftp://example.com"],
    ["data", "data:text/plain,x"],
    ["user information", "https://user@example.com"],
    ["user information that hides the host", "https://api.openai.com@127.0.0.1/"],
    ["backslashes", "https:\\\\127.0.0.1\\"],
    ["a backslash in the path", "https://example.com\\@127.0.0.1/"],
    ["a tab in the scheme", "ht\ttps://example.com"],
    ["a newline", "https://exam\nple.com"],
    ["no slashes", "https:example.com"],
    ["localhost", "https://localhost/"],
    ["localhost with a trailing dot", "https://localhost./"],
    ["below localhost", "https://a.localhost/"],
    ["a bare name", "https://metadata/"],
    ["cloud metadata by name", "https://metadata.google.internal/"],
    ["mDNS", "https://printer.local/"],
    ["loopback", "https://127.0.0.1/"],
    ["loopback, short", "https://127.1/"],
    ["loopback, decimal", "https://2130706433/"],
    ["loopback, hex", "https://0x7f.0.0.1/"],
    ["loopback, octal", "https://0177.0.0.1/"],
    ["loopback, full-width", "https://１２７.0.0.1/"],
    ["loopback, ideographic dots", "https://127。0。0。1/"],
    ["loopback, trailing dot", "https://127.0.0.1./"],
    ["unspecified", "https://0.0.0.0/"],
    ["private 10/8", "https://10.1.2.3/"],
    ["private 172.16/12", "https://172.16.0.1/"],
    ["private 192.168/16", "https://192.168.1.1/"],
    ["link-local metadata", "https://169.254.169.254/latest"],
    ["carrier-grade NAT", "https://100.64.0.1/"],
    ["benchmarking", "https://198.18.0.1/"],
    ["multicast", "https://224.0.0.1/"],
    ["broadcast", "https://255.255.255.255/"],
    ["IPv6 loopback", "https://[::1]/"],
    ["IPv6 unspecified", "https://[::]/"],
    ["IPv4-mapped", "https://[::ffff:127.0.0.1]/"],
    ["IPv4-compatible", "https://[::7f00:1]/"],
    ["NAT64", "https://[64:ff9b::7f00:1]/"],
    ["6to4", "https://[2002:7f00:1::]/"],
    ["Teredo", "https://[2001:0:7f00:1::]/"],
    ["unique local", "https://[fd00::1]/"],
    ["site-local", "https://[fec0::1]/"],
    ["link-local", "https://[fe80::1]/"],
    ["documentation", "https://[2001:db8::1]/"],
    ["the port of SSH", "https://example.com:22/"],
    ["the port of mail", "https://example.com:25/"],
    ["plain HTTP's port", "https://example.com:80/"],
    ["the port of IRC", "https://example.com:6667/"],
    ["too long", `https://example.com/${"a".repeat(2_048)}`],
    ["empty", ""],
  ])("refuses %s", (_name, url) => expect(check(url)).toBe(false));

  it("passes http and private addresses only where the operator allows them", () => {
    expect(check("http://127.0.0.1:9999/v1", true)).toBe(true);
    expect(check("http://user:pass@127.0.0.1/", true)).toBe(false);
    expect(check("file:///etc/passwd", true)).toBe(false);
  });

  it("does not repeat the URL in its refusal", () => {
    const refused = checkOutboundUrl("https://10.9.8.7/secret-path", { allowPrivate: false });
    expect(JSON.stringify(refused)).not.toMatch(/10\.9\.8\.7|secret-path/u);
  });
});
