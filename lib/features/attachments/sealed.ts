/** What the ciphertexts of a file are bound to: moved to another file, they do not open. */

export const aboutName = (id: string): string => `attachment ${id} name`
export const aboutKey = (id: string): string => `attachment ${id} key`
export const aboutBytes = (id: string): string => `attachment ${id}`
