/** The desk of one account: a static frame; who is asking and what they may see is the API's business. */
import type { ReactNode } from 'react'
import { Words } from '@/app/_ui/words'
import { DeskShell } from '../_shell/desk-shell'

export default async function DeskLayout({
  children,
  params,
}: {
  children: ReactNode
  params: Promise<{ account: string }>
}) {
  const { account } = await params
  return (
    <Words names={['desk']}>
      <DeskShell account={account}>{children}</DeskShell>
    </Words>
  )
}
