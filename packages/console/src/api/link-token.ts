import { useEffect, useState } from "preact/hooks";

/**
 * The secret of a mail's link, `#token=…`. It is taken out of the address, which is shown, kept in the
 * history and copied; null when the address has none.
 */
export function useLinkToken(): string | null {
  const [token, setToken] = useState(tokenOfAddress);
  useEffect(() => {
    const take = (): void => {
      const found = tokenOfAddress();
      if (found === null) return;
      setToken(found);
      window.history.replaceState(null, "", window.location.pathname);
    };
    take();
    // Another link to the page that is open changes nothing but the fragment.
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);
  return token;
}

function tokenOfAddress(): string | null {
  return new URLSearchParams(window.location.hash.slice(1)).get("token");
}
