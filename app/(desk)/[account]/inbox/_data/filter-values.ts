/** What filters may say in an address, as the API takes them: anything else there is no filter. Pure. */
import { sentiments } from '@/lib/core/ports'
import { priorities, statuses } from '@/lib/features/tickets/rules'

type Allows = (value: string) => boolean
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

const oneOf =
  (...words: readonly string[]): Allows =>
  (value) =>
    words.includes(value)
const idOr =
  (...words: readonly string[]): Allows =>
  (value) =>
    uuid.test(value) || words.includes(value)

const shared = {
  priority: oneOf(...priorities),
  team: idOr('none'),
  label: idOr(),
  intent: (value) => value !== '' && value.length <= 80,
  sentiment: oneOf(...sentiments),
} satisfies Record<string, Allows>

/** In the inbox. */
export const inboxFilters = { ...shared, status: oneOf(...statuses, 'any'), needsPerson: oneOf('true') }
/** In the ticket table. */
export const ticketFilters = { ...shared, status: oneOf(...statuses), owner: idOr('me', 'none') }
