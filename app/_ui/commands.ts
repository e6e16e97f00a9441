/** The one list of what can be done with keys; the palette, the `?` sheet and the tooltips all read it. */

export type CommandGroup = 'general' | 'go' | 'list' | 'conversation'
export type Command = {
  /** Keys: `j`, `mod+k`, `shift+a`, or two in a row: `g i`. The first is shown, all work. */
  keys: readonly string[]
  group: CommandGroup
  /** Offered in the palette too (moving within a list is not). */
  palette?: boolean
}

/** The words of a command are `desk.command.<id>`. */
export const commands = {
  palette: { keys: ['mod+k'], group: 'general' },
  // The second works for whoever has switched single keys off, too.
  help: { keys: ['?', 'mod+/'], group: 'general', palette: true },
  search: { keys: ['/'], group: 'general', palette: true },
  undo: { keys: ['z'], group: 'general', palette: true },
  theme: { keys: [], group: 'general', palette: true },
  goInbox: { keys: ['g i'], group: 'go', palette: true },
  goTickets: { keys: ['g t'], group: 'go', palette: true },
  goModels: { keys: ['g m'], group: 'go', palette: true },
  goSettings: { keys: ['g s'], group: 'go', palette: true },
  next: { keys: ['j', 'ArrowDown'], group: 'list' },
  previous: { keys: ['k', 'ArrowUp'], group: 'list' },
  select: { keys: ['x'], group: 'list' },
  reply: { keys: ['r'], group: 'conversation', palette: true },
  note: { keys: ['n'], group: 'conversation', palette: true },
  resolve: { keys: ['e'], group: 'conversation', palette: true },
  reopen: { keys: ['o'], group: 'conversation', palette: true },
  pending: { keys: ['d'], group: 'conversation', palette: true },
  assign: { keys: ['a'], group: 'conversation', palette: true },
  assignMe: { keys: ['m'], group: 'conversation', palette: true },
  team: { keys: ['t'], group: 'conversation', palette: true },
  priority: { keys: ['p'], group: 'conversation', palette: true },
  label: { keys: ['l'], group: 'conversation', palette: true },
  snooze: { keys: ['h'], group: 'conversation', palette: true },
  correctIntent: { keys: ['i'], group: 'conversation', palette: true },
  correctNext: { keys: ['c'], group: 'conversation', palette: true },
  correctSentiment: { keys: ['s'], group: 'conversation', palette: true },
  correctUrgency: { keys: ['u'], group: 'conversation', palette: true },
  wrongLabel: { keys: ['w'], group: 'conversation', palette: true },
  sendToReview: { keys: ['v'], group: 'conversation', palette: true },
  unread: { keys: ['shift+u'], group: 'conversation', palette: true },
  copyLink: { keys: ['y'], group: 'conversation', palette: true },
  send: { keys: ['mod+Enter'], group: 'conversation' },
} as const satisfies Record<string, Command>

export type CommandId = keyof typeof commands
export const commandIds = Object.keys(commands) as CommandId[]
export const commandOf = (id: CommandId): Command => commands[id]
