/** What forms say about passwords; the server decides (lib/features/identity/password). */
export const shortestPassword = 10
