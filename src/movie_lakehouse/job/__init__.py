"""The job: its settings, its tasks, and the bundle's definition of it run on this machine."""
