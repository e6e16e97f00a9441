/** The places of the desk, for the rail and the bottom bar; only pages that exist. */
import Brain from 'lucide-react/icons/brain'
import InboxIcon from 'lucide-react/icons/inbox'
import Settings from 'lucide-react/icons/settings-2'
import Ticket from 'lucide-react/icons/ticket'
import type { CommandId } from '@/app/_ui/commands'

export const places = [
  { id: 'inbox', path: 'inbox', icon: InboxIcon, command: 'goInbox' },
  { id: 'tickets', path: 'tickets', icon: Ticket, command: 'goTickets' },
  { id: 'models', path: 'models', icon: Brain, command: 'goModels' },
  { id: 'settings', path: 'settings', icon: Settings, command: 'goSettings' },
] as const satisfies readonly { id: string; path: string; icon: typeof Ticket; command: CommandId }[]
