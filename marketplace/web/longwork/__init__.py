"""The kinds of long work as the runner takes them: what each reads, does step by step, and writes in the end."""
