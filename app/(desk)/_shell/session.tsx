/** Who is signed in and which accounts they belong to; signed-out people are led to the sign-in page. */
'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useAccount } from '@/app/_ui/account'
import { ApiError, api } from '@/app/_ui/api'
import { useLiveState } from '@/app/_ui/live'
import type { KeptPreferences } from '@/lib/features/accounts/preferences'
import type { Locale } from '@/lib/words/locale'

export type Role = 'owner' | 'admin' | 'agent' | 'viewer'
export type Me = {
  user: { id: string; name: string; email: string; locale: Locale | null }
  accounts: {
    id: string
    slug: string
    name: string
    role: Role
    preferences: KeptPreferences
    /** An open desk counts for routing unless its person is away. */
    availability: 'online' | 'away'
    graceUntil: string | null
    readOnly: boolean
    /** The month's labels are used up: messages come without one. */
    usedUp: boolean
    /** Beyond the people that the plan includes: the person reads, and changes nothing. */
    waits: boolean
    /** It asks for two-step sign-in of everybody. */
    secondFactorRequired: boolean
    /** … and this person has not set it up. */
    closed: boolean
  }[]
}

export const meKey = ['me'] as const

export function useMe() {
  return useQuery({ queryKey: meKey, queryFn: ({ signal }) => api.get<Me>('me', {}, { signal }), staleTime: 60_000 })
}

/** The signed-in person's membership in this page's account, once known. */
export function useMembership() {
  const account = useAccount()
  return useMe().data?.accounts.find((one) => one.slug === account)
}

/** Everyone but viewers works here, and who is beyond the people that the plan includes; null until that is known. */
export function useMayWork(): boolean | null {
  const membership = useMembership()
  return membership ? membership.role !== 'viewer' && !membership.waits : null
}

/** Whose unsent things are kept in this browser (`kept.ts`); null until that is known. */
export function useOwner(): string | null {
  const { data } = useMe()
  const account = useMembership()?.id
  return data && account ? `${data.user.id}.${account}` : null
}

const here = (): string => encodeURIComponent(window.location.pathname + window.location.search)

export const toSignIn = (): void => window.location.assign(`/sign-in?next=${here()}`)
/** The account asks for two-step sign-in: it opens once that is set up. */
export const toSetUp = (): void => window.location.assign(`/sign-in/two-step?next=${here()}`)

/** Leads to the sign-in page when the answer says that nobody is signed in. */
export function useSignedIn() {
  const { data, error, refetch } = useMe()
  const out = error instanceof ApiError && error.code === 'not_signed_in'
  useEffect(() => {
    if (out) toSignIn()
  }, [out])
  // A stream that ended may mean that the session did: asking again tells.
  const lost = useLiveState() === 'lost'
  useEffect(() => {
    if (lost) void refetch()
  }, [lost, refetch])
  return { data, error, refetch, out }
}
