import type { FastifyRequest } from 'fastify';

/** How much of something scarce there is: in all, and for one tenant, of whom others shall notice nothing. */
interface ShareLimits {
  total: number;
  /** For a workspace, whichever of its keys asks. */
  perWorkspace: number;
  /** For an admin's key, which often serves many workspaces. */
  perAdminKey: number;
}

export type GiveBack = () => void;

/** Places that tenants take a limited share of. */
export class Shares {
  private readonly limits: ShareLimits;
  private readonly takenBy = new Map<string, number>();
  private taken = 0;

  constructor(limits: ShareLimits) {
    this.limits = limits;
  }

  /** Takes a place. Null: the tenant has its share, or all places are taken. Giving back twice does no harm. */
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
