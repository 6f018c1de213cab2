"""Who may do what: users and roles, sessions and tokens, forged posts, limits, headers, errors that tell nothing."""
