/** How long a link works that the server makes: of an invitation, and for a new password. */
export const LINK_LIFE = { days: 7, hours: 1 };

/** A link by which an account is opened; what else is shown once is a key. */
export const isDoor = (shown: string): boolean => shown.includes("/#accept=");
