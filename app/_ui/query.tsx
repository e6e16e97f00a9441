/** TanStack Query with our habits: no retry on refusals, fresh for ten seconds, quiet in the background. */
'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { retry, retryDelay } from './api'

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { staleTime: 10_000, retry, retryDelay },
        },
      }),
  )
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
