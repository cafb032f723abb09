update workspaces set narrative = true
