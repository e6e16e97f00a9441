/** Which account the page is in, and the API bound to it. */
'use client'

import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { type Api, apiFor } from './api'

const AccountContext = createContext<{ account: string; api: Api } | null>(null)

export function AccountProvider({ account, children }: { account: string; children: ReactNode }) {
  const value = useMemo(() => ({ account, api: apiFor(account) }), [account])
  return <AccountContext value={value}>{children}</AccountContext>
}

function useBoth() {
  const value = useContext(AccountContext)
  if (!value) throw new Error('This component needs an AccountProvider above it.')
  return value
}

/** The account's slug, as in the address; part of every query key. */
export const useAccount = (): string => useBoth().account
/** The JSON API of this account. */
export const useApi = (): Api => useBoth().api
