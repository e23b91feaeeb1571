"""Identity providers (统一身份认证): asking them who somebody is, and believing only what they have signed for us."""
