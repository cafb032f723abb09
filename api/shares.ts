import type { FastifyRequest } from 'fastify';

/** Number of places: in all and per tenant, so that one tenant does not slow down the others. */
interface ShareLimits {
  total: number;
  /** Places of one workspace, for all its keys together. */
  perWorkspace: number;
  /** Places of one admin key, which often serves many workspaces. */
  perAdminKey: number;
}

export type GiveBack = () => void;

/** Places of which each tenant may take a limited share. */
export class Shares {
  private readonly limits: ShareLimits;
  private readonly takenBy = new Map<string, number>();
  private taken = 0;

  constructor(limits: ShareLimits) {
    this.limits = limits;
  }

  /** Takes a place. Null if the tenant's share or all places are taken. Giving back twice is harmless. */
  take(request: FastifyRequest): GiveBack | null {
    const { tenant, share } = this.tenantOf(request);
    const own = this.takenBy.get(tenant) ?? 0;
    if (own >= share || this.taken >= this.limits.total) return null;
    this.takenBy.set(tenant, own + 1);
    this.taken += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.taken -= 1;
      const left = (this.takenBy.get(tenant) ?? 1) - 1;
      if (left === 0) this.takenBy.delete(tenant);
      else this.takenBy.set(tenant, left);
    };
  }

  private tenantOf({ caller, ip }: FastifyRequest): { tenant: string; share: number } {
    const { perWorkspace, perAdminKey } = this.limits;
    if (caller === null) return { tenant: `address ${ip}`, share: perWorkspace };
    if (caller.scope === 'admin') return { tenant: `key ${caller.keyId}`, share: perAdminKey };
    return { tenant: `workspace ${caller.scope.workspaceId}`, share: perWorkspace };
  }
}
