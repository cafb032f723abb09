/** Options of every command. */
export interface CommonOptions {
  json?: boolean;
  verbose?: boolean;
}

export interface CommandSettings {
  /** The command starts its own servers and ignores a stack that runs in this folder. */
  ownStack?: boolean;
  /** The command runs until a signal, so it has no span of its own. Default: as `ownStack`. */
  isServer?: boolean;
}
