/** Options of every command. */
export interface CommonOptions {
  json?: boolean;
  verbose?: boolean;
}

export interface CommandSettings {
  /** The command brings its own servers: a stack that runs in this folder is none of its business. */
  ownStack?: boolean;
  /** The command runs until it is told to stop, so that it is no part of a trace. Default: if it has its own servers. */
  isServer?: boolean;
}
