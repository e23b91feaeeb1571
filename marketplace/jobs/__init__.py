"""Work that the clock drives; it makes prompt what every act would do anyway, and decides nothing."""
