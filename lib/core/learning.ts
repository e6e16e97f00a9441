/** What learning asks for, said on pages and held to by the server. */

/** An intent of the account's own is learned from this many texts on. */
export const fewestExamples = 5

/** After how many new corrections an account may train by itself. */
export const ruleSizes = [20, 50, 100, 500] as const
