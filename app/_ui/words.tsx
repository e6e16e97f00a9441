/** Gives client components below it the words of the namespaces they need, besides those given further up. */
import { getMessages } from 'next-intl/server'
import type { ReactNode } from 'react'
import type { Namespace } from '@/lib/words/namespaces'
import { MoreWords } from './more-words'

/** Server component: `<Words names={['inbox']}>…</Words>` around a page. `common` and `errors` are always there (see the root layout). */
export async function Words({ names, children }: { names: readonly Namespace[]; children: ReactNode }) {
  const all = await getMessages()
  const picked = Object.fromEntries(names.map((name) => [name, all[name]]))
  return <MoreWords add={JSON.stringify(picked)}>{children}</MoreWords>
}
