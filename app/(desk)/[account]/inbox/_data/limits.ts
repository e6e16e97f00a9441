/** Most characters (code points) of a message: the same as the server's (`lib/core/text.ts`), without its schema library. */
export const longestText = 8_000
