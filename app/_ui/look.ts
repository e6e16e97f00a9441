/** The cookie of a person's looks, read by the server's first paint and written by the browser. */

export type Theme = 'system' | 'light' | 'dark'
export type Density = 'compact' | 'normal' | 'comfortable'
export type Preferences = {
  theme: Theme
  density: Density
  /** Single-key shortcuts; combinations with Ctrl or ⌘ always work. */
  keys: boolean
  /** Widths of split panes in px, by the pane's id. */
  panes: Record<string, number>
  /** The columns of the table of tickets in their order; null: the usual ones. */
  columns: readonly string[] | null
}

export const lookCookie = 'lingxi_look'

/** The cookie's decoded value, `theme=dark&density=compact&keys=off&pane.list=320&columns=status.owner` → preferences; anything unknown is ignored. */
export function readLook(cookie: string | undefined): Preferences {
  const params = new URLSearchParams(cookie)
  const theme = params.get('theme')
  const density = params.get('density')
  const panes: Record<string, number> = {}
  for (const [name, value] of params) {
    if (name.startsWith('pane.') && Number.isFinite(Number(value))) panes[name.slice(5)] = Number(value)
  }
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    density: density === 'compact' || density === 'comfortable' ? density : 'normal',
    keys: params.get('keys') !== 'off',
    panes,
    columns: params.get('columns')?.split('.').filter(Boolean) ?? null,
  }
}

export function writeLook({ theme, density, keys, panes, columns }: Preferences): string {
  const params = new URLSearchParams()
  if (theme !== 'system') params.set('theme', theme)
  if (density !== 'normal') params.set('density', density)
  if (!keys) params.set('keys', 'off')
  for (const [name, width] of Object.entries(panes)) params.set(`pane.${name}`, String(Math.round(width)))
  if (columns) params.set('columns', columns.join('.'))
  return params.toString()
}
