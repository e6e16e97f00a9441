/** What few visitors need (files, the counter of a very long text) lies in a file of its own and comes when it is first needed. */
import type { Begin, More } from '../more/more'
import { ask, session } from './session'
import type { Attachment } from './types'

/** The file's name: put here by the build. */
declare const MORE: string
// By a name of its own: an address that stands in the call would be taken for something to build in.
const address = `/widget/${MORE}`

/** Stored files that go along with the next message. */
export const attached: Attachment[] = []

let coming: Promise<More | void> | undefined

/** What could not be fetched is asked for again the next time. */
export const more = () =>
  (coming ??= import(address).then(
    ({ begin }: { begin: Begin }) => begin(ask, () => session.token, attached),
    () => {
      coming = undefined
    },
  ))
