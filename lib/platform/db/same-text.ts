/** Compares texts without their case, as one text with another: PostgreSQL does it by ILIKE, where some signs are patterns. */

/** For a Prisma filter: equal but for upper and lower case. */
export const sameText = (text: string) =>
  ({ equals: text.replace(/[\\%_]/g, (sign) => `\\${sign}`), mode: 'insensitive' }) as const
