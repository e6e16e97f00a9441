/** What learning asks for, said on pages and held to by the server. */

/** An intent of the account's own is learned from this many texts on. */
export const fewestExamples = 5
