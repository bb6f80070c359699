"""Facts from outside: O*NET releases, custom occupations, pay and outlook."""
