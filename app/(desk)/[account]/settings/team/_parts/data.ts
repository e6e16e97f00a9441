/** What the team page reads, and the shapes of the answers. */
'use client'

import { useQuery } from '@tanstack/react-query'
import { useAccount, useApi } from '@/app/_ui/account'

export type Role = 'owner' | 'admin' | 'agent' | 'viewer'

export interface Myself {
  account: { secondFactorRequired: boolean }
  membershipId: string
  role: Role
  can: Record<string, boolean>
  grantable: Role[]
  seat: { each: number; interval: 'month' | 'year'; currency: 'usd' | 'cny' } | null
}

export interface Member {
  id: string
  userId: string
  name: string
  email: string
  role: Role
  availability: 'online' | 'away'
  here: boolean
  joinedAt: string
  /** Has set up two-step sign-in; told to owners and admins. */
  secondFactor?: boolean
  /** Beyond so many people that the plan includes; who would give way (null: nobody can). */
  waits?: { places: number; gives: string | null }
}

export interface Invitation {
  id: string
  email: string
  role: Role
  createdAt: string
  expiresAt: string
  expired: boolean
}

export const useKeys = () => {
  const account = useAccount()
  return { members: [account, 'members'], invitations: [account, 'invitations'], myself: [account, 'myself'] } as const
}

export function useMyself() {
  const api = useApi()
  const keys = useKeys()
  return useQuery({ queryKey: keys.myself, queryFn: ({ signal }) => api.get<Myself>('me', {}, { signal }) })
}

export function useMembers() {
  const api = useApi()
  const keys = useKeys()
  return useQuery({
    queryKey: keys.members,
    queryFn: ({ signal }) => api.get<{ members: Member[] }>('members', {}, { signal }).then((answer) => answer.members),
  })
}

export function useInvitations(enabled: boolean) {
  const api = useApi()
  const keys = useKeys()
  return useQuery({
    queryKey: keys.invitations,
    enabled,
    queryFn: ({ signal }) =>
      api.get<{ invitations: Invitation[] }>('invitations', {}, { signal }).then((answer) => answer.invitations),
  })
}
