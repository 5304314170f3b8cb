/** MAX_BODY_BYTES of the shared platform: small enough that a test can send more. */
export const MAX_BODY_BYTES = 1_000_000;
