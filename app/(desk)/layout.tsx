/** Pages of people who are signed in: the query cache lives as long as they stay. */
import type { ReactNode } from 'react'
import { QueryProvider } from '../_ui/query'

export default function DeskGroupLayout({ children }: { children: ReactNode }) {
  return <QueryProvider>{children}</QueryProvider>
}
